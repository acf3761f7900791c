public import TruceOptions

/// The forms of SegNet that the CAGrad repository trains.
public enum SegNetForm: String, ParameterValue, CaseIterable {
  /// 64, 128, 256, 512 and 512 channels.
  case standard
  /// 1024 channels at the deepest level instead of 512.
  case wide
  /// Every convolution twice.
  case deep
}

/// How many channels a SegNet has at each level, and how often it convolves.
struct SegNetLayout {
  /// The channels of each of the encoder's levels.
  let channels: [Int]
  /// How many convolutions stand where the standard form has one.
  let repetitions: Int

  /// Creates a layout.
  ///
  /// - Parameter width: What the published numbers of channels are divided by.
  init(_ form: SegNetForm, width: Int) {
    channels = [64, 128, 256, 512, form == .wide ? 1024 : 512].map { $0 / width }
    repetitions = form == .deep ? 2 : 1
  }

  /// The number of levels.
  var count: Int { channels.count }

  /// The channels that an encoder level takes, for images of so many.
  func encoded(into level: Int, from imageChannels: Int) -> Int {
    level == 0 ? imageChannels : channels[level - 1]
  }

  /// The channels that a decoder level gives.
  func decoded(from level: Int) -> Int { channels[max(level - 1, 0)] }

  /// How many blocks follow the first of a level.
  func followers(at level: Int) -> Int { level < 2 ? 1 : 2 }
}
