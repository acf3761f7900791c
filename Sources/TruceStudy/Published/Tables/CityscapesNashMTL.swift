extension PublishedTable {
  /// Cityscapes, two tasks, SegNet-MTAN, as the Nash-MTL paper has it.
  static let cityscapesNashMTL = PublishedTable(
    name: "cityscapes-nash-mtl",
    title: "Cityscapes, two tasks, SegNet-MTAN, as the Nash-MTL paper has it",
    source:
      "A. Navon et al., \"Multi-Task Learning as a Bargaining Game\", ICML 2022, arXiv 2202.01017, "
      + "Table 3",
    metrics: .cityscapes,
    baseline: "STL",
    isWhole: true,
    notes: [
      "Three seeds, mean of the last ten epochs."
    ],
    remarks: [
      .meanRank(of: "SI", "the printed metrics give 8.25"),
      .meanRank(of: "RLW", "the printed metrics give 8.75"),
      .meanRank(of: "UW", "the printed metrics give 5.50"),
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,MR,Δm
      STL,74.01,93.16,.0125,27.77,,
      LS,75.18,93.49,.0155,46.77,6.12,22.60
      SI,70.95,91.73,.0161,33.83,8.00,14.11
      RLW,74.57,93.41,.0158,47.79,9.25,24.38
      DWA,75.24,93.52,.0160,44.37,6.00,21.45
      UW,72.02,92.85,.0140,30.13,5.25,5.89
      MGDA,68.84,91.54,.0309,33.50,8.75,44.14
      PCGrad,75.13,93.48,.0154,42.07,6.37,18.29
      GradDrop,75.27,93.53,.0157,47.54,5.50,23.73
      CAGrad,75.16,93.48,.0141,37.60,5.37,11.64
      IMTL-G,75.33,93.49,.0135,38.41,3.62,11.10
      Nash-MTL,75.41,93.66,.0129,35.02,1.75,6.82
      """)
}
