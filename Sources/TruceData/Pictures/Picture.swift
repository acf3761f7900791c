public import Torch

/// A picture's samples in host memory: rows from the top, pixels from the left, channels together.
public struct Picture<Sample: FixedWidthInteger & UnsignedInteger & Sendable>: Equatable, Sendable {
  /// The number of rows.
  public let height: Int
  /// The number of pixels in a row.
  public let width: Int
  /// The samples of a pixel: 1 grey, 2 grey and alpha, 3 red, green and blue, 4 those and alpha.
  public let channels: Int
  /// The samples, `height · width · channels` of them.
  public let samples: [Sample]

  /// Creates a picture.
  ///
  /// - Precondition: There are as many samples as the sizes say.
  public init(height: Int, width: Int, channels: Int, samples: [Sample]) {
    precondition(
      samples.count == height * width * channels,
      "\(samples.count) samples for \(height) × \(width) pixels of \(channels) channels")
    self.height = height
    self.width = width
    self.channels = channels
    self.samples = samples
  }
}

// MARK: Channels

extension Picture {
  /// The picture with one channel, or with three.
  ///
  /// Alpha is dropped. Grey becomes three equal channels; colours become grey by the luma of ITU-R BT.601,
  /// 0.299 R + 0.587 G + 0.114 B.
  ///
  /// - Precondition: `wanted` is 1 or 3.
  public func converted(toChannels wanted: Int) -> Picture {
    precondition(wanted == 1 || wanted == 3, "a picture has 1 or 3 channels, not \(wanted)")
    guard wanted != channels else { return self }
    let isGrey = channels < 3
    var converted: [Sample] = []
    converted.reserveCapacity(height * width * wanted)
    for pixel in stride(from: 0, to: samples.count, by: channels) {
      if wanted == 1 {
        converted.append(isGrey ? samples[pixel] : luma(at: pixel))
      } else {
        for channel in 0..<3 { converted.append(samples[isGrey ? pixel : pixel + channel]) }
      }
    }
    return Picture(height: height, width: width, channels: wanted, samples: converted)
  }

  private func luma(at position: Int) -> Sample {
    let weighted = zip(lumaShares, samples[position..<position + 3]).reduce(1 << 15) { $0 + $1.0 * Int($1.1) }
    return Sample(weighted >> 16)
  }
}

/// The shares of red, green and blue in the luma, in 65536ths, as Pillow rounds them.
private let lumaShares = [19595, 38470, 7471]

// MARK: Size

/// How a picture is brought to another shape.
public enum PictureFit: String, CaseIterable, Sendable {
  /// Each axis is scaled by itself.
  case stretch
  /// The largest part of the wanted shape around the middle is scaled.
  case crop
}

extension Picture where Sample == UInt8 {
  /// The picture at another size.
  ///
  /// Linear along both axes; where the picture shrinks, over all pixels that a new one covers, as Pillow's
  /// `BILINEAR` does.
  public func resized(height newHeight: Int, width newWidth: Int, fit: PictureFit = .stretch) -> Picture {
    guard (newHeight, newWidth) != (height, width) else { return self }
    let part = fit == .crop ? middle(ofShape: newHeight, newWidth) : self
    let images = part.tensor.unsqueezed(0).interpolated(
      to: Extent(newHeight, newWidth), .bilinearAntialiased)
    return Picture(
      height: newHeight, width: newWidth, channels: channels,
      samples: images.squeezed(0).permuted([1, 2, 0]).toArray(as: UInt8.self))
  }

  /// The samples as a tensor [channels, height, width].
  public var tensor: Tensor {
    Tensor(samples, shape: [height, width, channels]).permuted([2, 0, 1]).contiguous()
  }

  /// The largest part around the middle whose sides have the given ratio.
  private func middle(ofShape newHeight: Int, _ newWidth: Int) -> Picture {
    let scale = min(Double(height) / Double(newHeight), Double(width) / Double(newWidth))
    let rows = max(1, min(height, Int((Double(newHeight) * scale).rounded())))
    let columns = max(1, min(width, Int((Double(newWidth) * scale).rounded())))
    let (top, left) = ((height - rows) / 2, (width - columns) / 2)
    let part = (top..<top + rows).flatMap { row -> ArraySlice<UInt8> in
      let start = (row * width + left) * channels
      return samples[start..<start + columns * channels]
    }
    return Picture(height: rows, width: columns, channels: channels, samples: part)
  }
}
