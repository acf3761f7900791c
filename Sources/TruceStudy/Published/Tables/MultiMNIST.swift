extension PublishedTable {
  /// MultiFashion, MultiMNIST and MultiFashion+MNIST, ResNet-18, mean accuracy of the two tasks.
  static let multiMNIST = PublishedTable(
    name: "multi-mnist",
    title: "MultiFashion, MultiMNIST and MultiFashion+MNIST, ResNet-18, mean accuracy of the two tasks",
    source: "H. Phan et al., \"Improving Multi-task Learning via Seeking Task-based Flat Regions\", "
      + "arXiv 2211.13723",
    metrics: ["MultiFashion", "MultiMNIST", "MultiFashion+MNIST"].map { .accuracy($0) },
    baseline: "STL",
    notes: [
      "Each column is a data set of its own, not a task; Δm and mean rank run over data sets "
        + "here."
    ],
    rows: """
      method,MultiFashion,MultiMNIST,MultiFashion+MNIST
      STL,86.65,94.74,93.91
      MGDA,86.27,95.05,92.72
      F-MGDA,87.73,95.68,93.28
      PCGrad,86.57,95.06,92.78
      F-PCGrad,87.76,95.92,93.50
      CAGrad,86.51,95.01,92.68
      F-CAGrad,87.82,95.95,93.54
      IMTL,86.90,95.28,92.97
      F-IMTL,87.80,95.85,93.29
      Nash-MTL,86.54,95.01,92.70
      F-Nash-MTL,87.81,95.94,93.48
      FairGrad,86.51,94.92,92.70
      F-FairGrad,87.73,95.91,93.46
      """)
}
