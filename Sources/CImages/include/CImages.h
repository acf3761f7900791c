// Pictures out of PNG and JPEG files in memory, through libpng and libjpeg-turbo.
//
// Both libraries report errors by longjmp, which must not cross a frame of Swift; it ends in these functions.
#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What became of a call.
typedef enum ci_status {
  CI_OK = 0,
  /// The contents are cut short or contradict themselves.
  CI_DAMAGED = 1,
  /// The header states a size above the limit.
  CI_TOO_LARGE = 2,
  /// The file is sound but of a kind these functions do not decode.
  CI_UNSUPPORTED = 3,
  /// Memory ran out.
  CI_OUT_OF_MEMORY = 4,
} ci_status;

/// A decoded picture: rows from the top, pixels from the left, channels together.
typedef struct ci_picture {
  int64_t height;
  int64_t width;
  /// 1 grey, 2 grey and alpha, 3 red, green and blue, 4 those and alpha.
  int64_t channels;
  /// 1, or 2 in the byte order of this machine.
  int64_t bytes_per_sample;
  /// The samples, until `ci_picture_release`; null where the call failed.
  void *_Nullable samples;
  /// What went wrong, in the library's words; empty where nothing did.
  char message[200];
} ci_picture;

/// How a PNG's samples are wanted.
typedef enum ci_png_form {
  /// Eight bits a channel; a palette becomes its colours.
  CI_PNG_COLOURS = 0,
  /// As many bits a channel as the file has, at least eight; a palette becomes its colours.
  CI_PNG_DEEP = 1,
  /// Eight bits a channel; of a palette, the indices themselves.
  CI_PNG_INDICES = 2,
} ci_png_form;

/// Decodes a PNG of at most `limit` samples.
__attribute__((warn_unused_result)) ci_status ci_decode_png(const void *bytes, size_t count, int64_t limit,
                                                            ci_png_form form, ci_picture *result);

/// Decodes a JPEG, grey or in colours, of at most `limit` samples.
__attribute__((warn_unused_result)) ci_status ci_decode_jpeg(const void *bytes, size_t count, int64_t limit,
                                                             ci_picture *result);

/// Gives the samples back.
void ci_picture_release(ci_picture *picture);

#pragma clang assume_nonnull end
