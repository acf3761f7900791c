/// Where several tables come from, with what holds for all of them.
struct PublishedSource {
  /// The paper and the place in it.
  let text: String
  /// What the tables share in protocol.
  let notes: [String]

  /// The tables of Elich et al.
  static let elich = PublishedSource(
    text:
      "C. Elich et al., \"Examining Common Paradigms in Multi-Task Learning\", GCPR 2024, arXiv "
      + "2311.04698, Tables A4 to A7",
    notes: [
      "Each method and optimizer at its best of ten learning rates; three seeds, the epoch with "
        + "the best Δm on the validation pictures."
    ])

  /// The tables of pictures from several domains, ResNet-18.
  static let office = PublishedSource(
    text:
      "B. Lin et al., \"Dual-Balancing for Multi-Task Learning\", arXiv 2308.12029, Table 4; "
      + "Rep-MTL's row from Z. Wang et al., \"Rep-MTL\", ICCV 2025, arXiv 2507.21049",
    notes: [
      "Δp: by domains, higher is better. The accuracies of single domains are not here, so it "
        + "only nearly follows from the mean accuracy."
    ])
}
