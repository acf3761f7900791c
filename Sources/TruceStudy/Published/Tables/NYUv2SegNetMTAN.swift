extension PublishedTable {
  /// NYUv2, SegNet-MTAN, further methods, each from its own paper.
  static let nyuv2SegNetMTAN = PublishedTable(
    name: "nyuv2-segnet-mtan",
    title: "NYUv2, SegNet-MTAN, further methods, each from its own paper",
    source:
      "the papers of the methods; STL from A. Navon et al., ICML 2022, arXiv 2202.01017; F- rows from "
      + "H. Phan et al., arXiv 2211.13723",
    metrics: .nyuv2,
    baseline: "STL",
    notes: [
      "Rows of several papers under one protocol; none of them ran the others' code.",
      "PIVRG is printed as SVFair's paper (ICLR 2026) has it; FAMO's Δm is −4.10 in its own "
        + "paper and 0.16 as COST measured it again.",
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,Δm
      STL,38.30,63.76,.6754,.2780,25.01,19.21,30.14,57.20,69.15,
      SVFair (VolDet),,,,,,,,,,-8.81
      SVFair (VolDetPro),,,,,,,,,,-8.29
      PIVRG,,,,,,,,,,-6.50
      COST,,,,,,,,,,-5.39
      F-IMTL,40.42,65.61,.5389,.2121,25.03,19.75,28.90,56.19,68.72,-4.77
      FS-MTL,,,,,,,,,,-4.77
      F-CAGrad,40.93,66.68,.5285,.2162,25.43,20.39,27.99,54.82,67.56,-3.78
      RECAP,,,,,,,,,,.77
      GradNorm,,,,,,,,,,7.22
      """)
}
