extension PublishedTable {
  /// NYUv2, SegNet-MTAN, as the Nash-MTL paper has it.
  static let nyuv2NashMTL = PublishedTable(
    name: "nyuv2-nash-mtl",
    title: "NYUv2, SegNet-MTAN, as the Nash-MTL paper has it",
    source:
      "A. Navon et al., \"Multi-Task Learning as a Bargaining Game\", ICML 2022, arXiv 2202.01017, "
      + "Table 2",
    metrics: .nyuv2,
    baseline: "STL",
    isWhole: true,
    notes: [
      "Three seeds, mean of the last ten epochs."
    ],
    remarks: [
      .deltaM(of: "IMTL-G", "the printed metrics give −0.60"),
      .meanRank(of: "SI", "the printed metrics give 7.00"),
      .meanRank(of: "RLW", "the printed metrics give 10.22"),
      .meanRank(of: "UW", "the printed metrics give 6.56"),
      .meanRank(of: "PCGrad", "the printed metrics give 7.00"),
      .meanRank(of: "GradDrop", "the printed metrics give 6.33"),
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,MR,Δm
      STL,38.30,63.76,.6754,.2780,25.01,19.21,30.14,57.20,69.15,,
      LS,39.29,65.33,.5493,.2263,28.15,23.96,22.09,47.50,61.08,8.11,5.59
      SI,38.45,64.27,.5354,.2201,27.60,23.37,22.53,48.57,62.32,7.11,4.39
      RLW,37.17,63.77,.5759,.2410,28.27,24.18,22.26,47.05,60.62,10.11,7.78
      DWA,39.11,65.31,.5510,.2285,27.61,23.18,24.17,50.18,62.39,6.88,3.57
      UW,36.87,63.17,.5446,.2260,27.04,22.61,23.54,49.05,63.65,6.44,4.05
      MGDA,30.47,59.90,.6070,.2555,24.88,19.45,29.18,56.88,69.36,5.44,1.38
      PCGrad,38.06,64.64,.5550,.2325,27.41,22.80,23.86,49.83,63.14,6.88,3.97
      GradDrop,39.39,65.12,.5455,.2279,27.48,22.96,23.38,49.44,62.87,6.44,3.58
      CAGrad,39.79,65.49,.5486,.2250,26.31,21.58,25.61,52.36,65.58,3.77,0.20
      IMTL-G,39.35,65.60,.5426,.2256,26.02,21.19,26.2,53.13,66.24,3.11,-0.76
      Nash-MTL,40.13,65.93,.5261,.2171,25.26,20.08,28.4,55.47,68.15,1.55,-4.04
      """)
}
