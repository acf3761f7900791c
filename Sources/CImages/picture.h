// What both decoders share.
#pragma once

#include "CImages.h"

/// Empties a result.
void ci_begin(ci_picture *picture);

/// Records a message.
void ci_note(ci_picture *picture, const char *message);

/// Allocates the samples of a picture whose other fields are set, where they are within the limit.
ci_status ci_allocate(ci_picture *picture, int64_t limit);
