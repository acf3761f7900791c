// Whoever trains with an optimizer of this room also writes its options.
@_exported public import TruceOptions
