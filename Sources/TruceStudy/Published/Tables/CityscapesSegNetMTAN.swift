extension PublishedTable {
  /// Cityscapes, two tasks, SegNet-MTAN, further methods, each from its own paper.
  static let cityscapesSegNetMTAN = PublishedTable(
    name: "cityscapes-segnet-mtan",
    title: "Cityscapes, two tasks, SegNet-MTAN, further methods, each from its own paper",
    source:
      "the papers of the methods; STL from A. Navon et al., ICML 2022, arXiv 2202.01017; F- rows from "
      + "H. Phan et al., arXiv 2211.13723",
    metrics: .cityscapes,
    baseline: "STL",
    notes: [
      "Rows of several papers under one protocol; none of them ran the others' code.",
      "GO4Align's own table prints 8.11, and 14.11 for LS, whose row is 22.60 everywhere else.",
      "The baseline's absolute error is printed with three digits, which leaves Δm uncertain in "
        + "its first decimal.",
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Δm
      STL,74.01,93.16,.0125,27.77,
      SVFair (VolDetPro),,,,,-2.40
      SVFair (VolDet),,,,,-2.08
      PIVRG,,,,,-.45
      F-MGDA,73.77,93.12,.0129,27.44,.67
      F-IMTL,76.63,93.76,.0124,31.17,1.87
      NTKMTL,73.71,92.71,.0136,27.21,1.92±.30
      NTKMTL-SR,,,,,3.84
      COST,,,,,4.30
      FairGrad,75.72,93.68,.0134,32.25,5.18
      Aligned-MTL,75.77,93.69,.0133,32.66,5.27
      SDMGrad,,,,,7.74
      FAMO,74.54,93.29,.0145,32.59,8.13
      GO4Align,,,,,8.13
      """)
}
