// PNG through libpng.
#include "picture.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

/// The file in memory, and where the picture and its errors go.
typedef struct source {
  const png_byte *bytes;
  size_t rest;
  ci_picture *picture;
} source;

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->rest) {
    png_error(png, "the file ends early");
  }
  memcpy(target, from->bytes, count);
  from->bytes += count;
  from->rest -= count;
}

static void fail(png_structp png, png_const_charp message) {
  ci_note(((source *)png_get_error_ptr(png))->picture, message);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

/// Asks libpng for whole samples in the order of this machine.
static void choose_form(png_structp png, png_infop info, ci_png_form form) {
  const int type = png_get_color_type(png, info);
  if (form == CI_PNG_INDICES && type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
  } else {
    png_set_expand(png);
  }
  if (form != CI_PNG_DEEP) {
    png_set_scale_16(png);
  } else {
    const uint16_t one = 1;
    if (*(const uint8_t *)&one) {
      png_set_swap(png);
    }
  }
}

static ci_status decode(png_structp png, png_infop info, int64_t limit, ci_png_form form,
                        ci_picture *picture, png_bytep *volatile *rows) {
  png_read_info(png, info);
  picture->height = png_get_image_height(png, info);
  picture->width = png_get_image_width(png, info);
  choose_form(png, info, form);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  picture->channels = png_get_channels(png, info);
  picture->bytes_per_sample = png_get_bit_depth(png, info) == 16 ? 2 : 1;
  const ci_status status = ci_allocate(picture, limit);
  if (status != CI_OK) {
    return status;
  }
  *rows = malloc((size_t)picture->height * sizeof(png_bytep));
  if (!*rows) {
    return CI_OUT_OF_MEMORY;
  }
  const size_t stride = (size_t)(picture->width * picture->channels * picture->bytes_per_sample);
  for (int64_t row = 0; row < picture->height; ++row) {
    (*rows)[row] = (png_bytep)picture->samples + (size_t)row * stride;
  }
  png_read_image(png, *rows);
  png_read_end(png, NULL);
  return CI_OK;
}

ci_status ci_decode_png(const void *bytes, size_t count, int64_t limit, ci_png_form form,
                        ci_picture *result) {
  ci_begin(result);
  source from = {bytes, count, result};
  png_bytep *volatile rows = NULL;
  volatile ci_status status = CI_OUT_OF_MEMORY;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &from, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (info) {
    if (setjmp(png_jmpbuf(png))) {
      status = CI_DAMAGED;
    } else {
      png_set_read_fn(png, &from, read_bytes);
      png_set_user_limits(png, 1 << 20, 1 << 20);
      status = decode(png, info, limit, form, result, &rows);
    }
  }
  png_destroy_read_struct(&png, &info, NULL);
  free((void *)rows);
  if (status != CI_OK) {
    ci_picture_release(result);
  }
  return status;
}
