extension PublishedTable {
  /// NYUv2, SegNet-MTAN, as the CAGrad paper has it.
  static let nyuv2CAGrad = PublishedTable(
    name: "nyuv2-cagrad",
    title: "NYUv2, SegNet-MTAN, as the CAGrad paper has it",
    source:
      "B. Liu et al., \"Conflict-Averse Gradient Descent for Multi-task Learning\", NeurIPS 2021, "
      + "arXiv 2110.14048, section 5.3 and appendix",
    metrics: .nyuv2,
    baseline: "Independent",
    notes: [
      "Three seeds, mean of the last ten epochs.",
      "Independent: one SegNet for each task. The rows without metrics are the paper's other "
        + "values of c, and rows with uncertainty weighting in front.",
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,Δm
      Independent,38.30,63.76,.6754,.2780,25.01,19.21,30.14,57.20,69.15,
      Cross-Stitch,37.42,63.51,.5487,.2188,28.85,24.52,22.75,46.58,59.56,6.96
      MTAN,39.29,65.33,.5493,.2263,28.15,23.96,22.09,47.50,61.08,5.59
      MGDA,30.47,59.90,.6070,.2555,24.88,19.45,29.18,56.88,69.36,1.38
      PCGrad,38.06,64.64,.5550,.2325,27.41,22.80,23.86,49.83,63.14,3.97
      GradDrop,39.39,65.12,.5455,.2279,27.48,22.96,23.38,49.44,62.87,3.58
      CAGrad c=0.4,39.79,65.49,.5486,.2250,26.31,21.58,25.61,52.36,65.58,0.20
      CAGrad c=0.2,,,,,,,,,,1.55
      CAGrad c=0.6,,,,,,,,,,-1.36
      CAGrad c=0.8,,,,,,,,,,-2.29
      MTAN + UW,,,,,,,,,,.75
      PCGrad + UW,,,,,,,,,,1.04
      CAGrad c=0.2 + UW,,,,,,,,,,.319
      CAGrad c=0.4 + UW,,,,,,,,,,-1.59
      CAGrad c=0.6 + UW,,,,,,,,,,-1.59
      CAGrad c=0.8 + UW,,,,,,,,,,-3.14
      PCGrad lr=2e-4,,,,,,,,,,8.12
      """)
}
