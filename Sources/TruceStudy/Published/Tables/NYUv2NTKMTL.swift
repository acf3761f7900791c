extension PublishedTable {
  /// NYUv2, SegNet-MTAN, 21 methods.
  static let nyuv2NTKMTL = PublishedTable(
    name: "nyuv2-ntkmtl",
    title: "NYUv2, SegNet-MTAN, 21 methods",
    source:
      "X. Qin et al., \"NTKMTL: Mitigating Task Imbalance in Multi-Task Learning from Neural Tangent "
      + "Kernel Perspective\", NeurIPS 2025, arXiv 2510.18258, table of NYUv2",
    metrics: .nyuv2,
    baseline: "STL",
    isWhole: true,
    notes: [
      "Three seeds, mean of the last ten epochs.",
      "The metrics of LS, SI, RLW, DWA, UW, PCGrad and GradDrop, which the table repeats, are "
        + "taken from nyuv2-nash-mtl.",
      "Values that print alike are ranked by digits that are not printed.",
    ],
    remarks: [
      .deltaM(of: "IMTL-G", "the printed metrics give −0.60"),
      .meanRank(of: "SI", "the printed metrics give 16.22"),
      .meanRank(of: "DWA", "the printed metrics give 16.22"),
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,MR,Δm
      STL,38.30,63.76,.6754,.2780,25.01,19.21,30.14,57.20,69.15,,
      LS,39.29,65.33,.5493,.2263,28.15,23.96,22.09,47.50,61.08,17.44,5.59
      SI,38.45,64.27,.5354,.2201,27.60,23.37,22.53,48.57,62.32,16.11,4.39
      RLW,37.17,63.77,.5759,.2410,28.27,24.18,22.26,47.05,60.62,20.22,7.78
      DWA,39.11,65.31,.5510,.2285,27.61,23.18,24.17,50.18,62.39,16.33,3.57
      UW,36.87,63.17,.5446,.2260,27.04,22.61,23.54,49.05,63.65,16.00,4.05
      MGDA,30.47,59.90,.6070,.2555,24.88,19.45,29.18,56.88,69.36,11.44,1.38
      PCGrad,38.06,64.64,.5550,.2325,27.41,22.80,23.86,49.83,63.14,16.89,3.97
      GradDrop,39.39,65.12,.5455,.2279,27.48,22.96,23.38,49.44,62.87,15.56,3.58
      CAGrad,39.79,65.49,.5486,.2250,26.31,21.58,25.61,52.36,65.58,11.56,.20
      IMTL-G,39.35,65.60,.5426,.2256,26.02,21.19,26.20,53.13,66.24,10.89,-.76
      MoCo,40.30,66.07,.5575,.2135,26.67,21.83,25.61,51.78,64.85,10.89,.16
      STCH,41.35,66.07,.4965,.2010,26.55,21.81,24.84,51.39,64.86,8.22,-1.35
      Aligned-MTL,40.15,66.05,.5520,.2291,25.37,19.89,28.30,55.29,67.95,10.44,-3.12
      Nash-MTL,40.13,65.93,.5261,.2171,25.26,20.08,28.40,55.47,68.15,8.00,-4.04
      FAMO,38.88,64.90,.5474,.2194,25.06,19.57,29.21,56.61,68.98,9.00,-4.10
      FairGrad,39.74,66.01,.5377,.2236,24.84,19.60,29.26,56.58,69.16,6.44,-4.66
      SDMGrad,40.47,65.90,.5225,.2084,25.07,19.99,28.54,55.74,68.53,6.11,-4.84
      NTKMTL-SR,40.23,65.28,.5261,.2136,24.88,19.58,29.53,56.67,69.08,5.56,-5.35
      DB-MTL,41.42,66.45,.5251,.2160,25.03,19.50,28.72,56.17,68.73,4.56,-5.36
      GO4Align,40.42,65.37,.5492,.2167,24.76,18.94,30.54,57.87,69.84,5.00,-6.08
      NTKMTL,39.68,65.43,.5296,.2168,24.24,18.63,30.74,58.72,70.78,4.33,-6.99±.38
      """)
}
