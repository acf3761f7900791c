// JPEG through libjpeg-turbo.
#include "picture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

/// libjpeg's error manager, which must come first, and the place to go back to.
typedef struct escape {
  struct jpeg_error_mgr manager;
  jmp_buf place;
  ci_picture *picture;
} escape;

static void fail(j_common_ptr decoder) {
  escape *to = (escape *)decoder->err;
  char message[JMSG_LENGTH_MAX];
  to->manager.format_message(decoder, message);
  ci_note(to->picture, message);
  longjmp(to->place, 1);
}

/// libjpeg paints grey what a damaged file lacks and only warns; here that is an error. Some cameras leave a
/// few bytes too many, which does no harm.
static void warn(j_common_ptr decoder, int level) {
  if (level >= 0) {
    return;
  }
  switch (decoder->err->msg_code) {
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_ADOBE_XFORM:
  case JWRN_JFIF_MAJOR:
  case JWRN_TOO_MUCH_DATA:
    return;
  default:
    fail(decoder);
  }
}

static void be_silent(j_common_ptr decoder) { (void)decoder; }

static ci_status decode(struct jpeg_decompress_struct *decoder, int64_t limit, ci_picture *picture) {
  jpeg_read_header(decoder, TRUE);
  if (decoder->num_components != 1 && decoder->num_components != 3) {
    ci_note(picture, "a JPEG of four inks (CMYK)");
    return CI_UNSUPPORTED;
  }
  decoder->out_color_space = decoder->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  picture->height = decoder->image_height;
  picture->width = decoder->image_width;
  picture->channels = decoder->num_components;
  const ci_status status = ci_allocate(picture, limit);
  if (status != CI_OK) {
    return status;
  }
  jpeg_start_decompress(decoder);
  const size_t stride = (size_t)(picture->width * picture->channels);
  while (decoder->output_scanline < decoder->output_height) {
    JSAMPROW row = (JSAMPROW)picture->samples + decoder->output_scanline * stride;
    jpeg_read_scanlines(decoder, &row, 1);
  }
  jpeg_finish_decompress(decoder);
  return CI_OK;
}

ci_status ci_decode_jpeg(const void *bytes, size_t count, int64_t limit, ci_picture *result) {
  ci_begin(result);
  // Zeros first: an error at once must find nothing to destroy.
  struct jpeg_decompress_struct decoder = {0};
  escape to;
  decoder.err = jpeg_std_error(&to.manager);
  to.picture = result;
  to.manager.error_exit = fail;
  to.manager.emit_message = warn;
  to.manager.output_message = be_silent;
  volatile ci_status status = CI_DAMAGED;
  if (setjmp(to.place) == 0) {
    jpeg_create_decompress(&decoder);
    jpeg_mem_src(&decoder, bytes, count);
    status = decode(&decoder, limit, result);
  } else {
    status = CI_DAMAGED;
  }
  jpeg_destroy_decompress(&decoder);
  if (status != CI_OK) {
    ci_picture_release(result);
  }
  return status;
}
