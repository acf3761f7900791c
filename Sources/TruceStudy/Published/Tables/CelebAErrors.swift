extension PublishedTable {
  /// CelebA, forty attributes, ResNet-18, mean error.
  static let celebAErrors = PublishedTable(
    name: "celeba-errors",
    title: "CelebA, forty attributes, ResNet-18, mean error",
    source: "H. Phan et al., \"Improving Multi-task Learning via Seeking Task-based Flat Regions\", "
      + "arXiv 2211.13723",
    metrics: [ResultMetric("mean error", higherIsBetter: false, unit: "%")],
    baseline: "STL",
    rows: """
      method,mean error
      STL,8.77
      LS,9.99
      UW,9.66
      MGDA,9.96
      PCGrad,8.69
      CAGrad,8.52
      IMTL,8.88
      F-MGDA,9.22
      F-PCGrad,8.23
      F-CAGrad,8.22
      F-IMTL,8.24
      """)
}
