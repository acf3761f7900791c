import Foundation
import Torch
import TorchNN
import TruceOptions

/// The file from which a trunk takes its first values instead of drawing them, as its option `weights` names it.
///
/// The file holds tensors under the trunk's own names: torchvision's residual networks fit as they are. Every tensor of the
/// trunk must be there in its shape, and no other but those of a part that the trunk does without.
struct TrunkWeights {
  /// The option.
  static let parameter = Parameter<String?>(
    "weights", default: .some(nil), rule: "a path or none",
    "A safetensors file with the trunk's first values by name."
  ) { $0?.isEmpty != true }

  /// What a residual network's trunk does without: torchvision's classifier.
  static let classifier = "fc"

  private let path: String?

  init(_ options: Options) throws { path = try options.value(of: Self.parameter) }

  /// Copies the file's tensors into the trunk; nothing where there is no file.
  ///
  /// - Parameters:
  ///   - trunk: The trunk.
  ///   - part: The beginning of the names that the trunk does without.
  /// - Throws: `TensorFileError` where the file cannot be read, ``NetworkError`` where it does not fit.
  func load(into trunk: any Trunk, without part: String) throws {
    guard let path else { return }
    let tensors = NamedTensors(try Safetensors(contentsOf: URL(filePath: path)).tensors)
    let kept = NamedTensors(tensors.filter { !$0.name.hasPrefix(part + ".") })
    do { try trunk.load(kept.withBatchCounts(of: trunk)) } catch {
      throw NetworkError.unsuitable(reason: "\(path): \(error)", help: error.help)
    }
  }
}

extension NamedTensors {
  /// The state with the module's own counts of batches where it has none.
  ///
  /// PyTorch did not always count them, and torchvision's files of that time are still in use.
  func withBatchCounts(of module: any Module) -> NamedTensors {
    let counts = module.stateDictionary().filter { $0.name.hasSuffix("num_batches_tracked") }
    guard !counts.contains(where: { self[$0.name] != nil }) else { return self }
    return appending(NamedTensors(counts))
  }
}
