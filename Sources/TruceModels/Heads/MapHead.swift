public import TruceOptions

/// What makes a number for each pixel out of a trunk's map.
public enum MapHead: String, ParameterValue, CaseIterable {
  /// A convolution of 3×3 and one of 1×1, as the repositories of MTAN and CAGrad put behind SegNet.
  case convolutions
  /// Atrous spatial pyramid pooling and two convolutions, as DeepLabV3 has it.
  case aspp
}
