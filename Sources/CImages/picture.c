// What both decoders share.
#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ci_begin(ci_picture *picture) {
  memset(picture, 0, sizeof *picture);
  picture->bytes_per_sample = 1;
}

void ci_note(ci_picture *picture, const char *message) {
  snprintf(picture->message, sizeof picture->message, "%s", message);
}

ci_status ci_allocate(ci_picture *picture, int64_t limit) {
  // Both formats keep height and width within 32 bits, so that the product fits.
  const int64_t count = picture->height * picture->width;
  if (count > limit / picture->channels) {
    snprintf(picture->message, sizeof picture->message, "%lld x %lld pixels", (long long)picture->width,
             (long long)picture->height);
    return CI_TOO_LARGE;
  }
  picture->samples = calloc((size_t)(count * picture->channels), (size_t)picture->bytes_per_sample);
  return picture->samples ? CI_OK : CI_OUT_OF_MEMORY;
}

void ci_picture_release(ci_picture *picture) {
  free(picture->samples);
  picture->samples = NULL;
}
