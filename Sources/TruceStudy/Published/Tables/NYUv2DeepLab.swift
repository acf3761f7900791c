extension PublishedTable {
  /// NYUv2, DeepLabV3+ with ResNet-50.
  static let nyuv2DeepLab = PublishedTable(
    name: "nyuv2-deeplab",
    title: "NYUv2, DeepLabV3+ with ResNet-50",
    source:
      "B. Lin et al., \"Dual-Balancing for Multi-Task Learning\", arXiv 2308.12029; Rep-MTL's row "
      + "from Z. Wang et al., \"Rep-MTL\", ICCV 2025, arXiv 2507.21049",
    metrics: .nyuv2,
    baseline: "STL",
    form: .byTaskHigherIsBetter,
    notes: [
      "Δp: by tasks, higher is better. By metrics Rep-MTL has +0.95 and DB-MTL +0.56.",
      "Three seeds. Not to be mixed with SegNet-MTAN's tables.",
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,Δm
      STL,53.50,75.39,.3926,.1605,21.99,15.16,39.04,65.00,75.16,
      Rep-MTL,,,,,,,,,,1.70±.29
      DB-MTL,,,,,,,,,,1.15±.16
      GLS,,,,,,,,,,.30
      STCH,,,,,,,,,,.06
      IGBv2,,,,,,,,,,.05
      CAGrad,,,,,,,,,,-.27
      FairGrad,,,,,,,,,,-.47
      IMTL,,,,,,,,,,-.57
      MGDA,,,,,,,,,,-.64
      Aligned-MTL,,,,,,,,,,-.98
      Nash-MTL,,,,,,,,,,-1.01
      MetaBalance,,,,,,,,,,-1.06
      RLW,,,,,,,,,,-1.10
      GradNorm,,,,,,,,,,-1.24
      UW,,,,,,,,,,-1.52
      PCGrad,,,,,,,,,,-1.57
      DWA,,,,,,,,,,-1.71
      GradVac,,,,,,,,,,-1.75
      EW,,,,,,,,,,-1.78
      GradDrop,,,,,,,,,,-1.85
      IMTL-G,,,,,,,,,,-1.89
      IMTL-L,,,,,,,,,,-1.92
      MTAdam,,,,,,,,,,-1.97
      MoCo,,,,,,,,,,-2.25
      """)
}
