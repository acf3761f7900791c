import Foundation
import TruceData
import TruceOptions
import TruceTasks

/// One question about pictures of several domains, a task for each: Office-31, Office-Home, PACS and their kin.
///
/// Every domain has a stream of its own; a training batch holds `batch_size` pictures of each.
///
/// - Source: K. Saenko et al., "Adapting Visual Category Models to New Domains", ECCV 2010 (Office-31);
///   H. Venkateswara et al., "Deep Hashing Network for Unsupervised Domain Adaptation", CVPR 2017 (Office-Home); D. Li
///   et al., "Deeper, Broader and Artier Domain Generalization", ICCV 2017 (PACS). The protocol, a task for each domain
///   on shares of 60, 20 and 20 of 100 pictures, is that of B. Lin and Y. Zhang, "LibMTL: A Python Library for Deep
///   Multi-Task Learning", JMLR 24, 2023.
/// - Note: LibMTL begins with ImageNet's weights, subtracts the mean of ImageNet's pictures, puts a linear layer of 512, a
///   batch normalisation, ReLU and dropout of ½ between the residual network and the heads, and leaves out the training
///   pictures that do not fill a batch. Here the weights are those that the trunk's option `weights` names, pictures are
///   0 … 1, heads read the pooled features, and the last batch of a stream is smaller.
struct DomainsProblem {
  private static let about = ProblemDescription(
    name: "domains",
    summary: "pictures of several domains by class, such as Office-31: a task for each domain",
    parameters: DomainSettings.parameters, source: "Lin and Zhang 2023; Saenko et al. 2010; Li et al. 2017",
    tasks: nil,
    network: NetworkChoice(trunk: "resnet18", trunkOptions: ["stem": "large"]))

  /// Finds the pictures and reads them.
  private static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let settings = try DomainSettings(options)
    let folders = try DomainFolders(settings.root, settings.choice)
    let all = folders.domains.map { ClassificationTask(name: $0.name, words: folders.classes) }
    let tasks = try request.chosen(among: all)
    let chosen = Set(tasks.map(\.name))
    let domains = folders.domains.filter { chosen.contains($0.name) }
    try settings.glance(at: domains, in: folders)
    return PlainProblem(tasks: tasks, data: try settings.data(of: domains, in: folders, request))
  }

  /// The line of the catalogue.
  static let entry = ProblemEntry(about: about, make: make)
}

extension ProblemEntry {
  /// The line of pictures from several domains.
  static let domains = DomainsProblem.entry
}
