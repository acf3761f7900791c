extension PublishedTable {
  /// Cityscapes, two tasks, DeepLabV3+ with ResNet-50.
  static let cityscapesDeepLab = PublishedTable(
    name: "cityscapes-deeplab",
    title: "Cityscapes, two tasks, DeepLabV3+ with ResNet-50",
    source:
      "B. Lin et al., \"Dual-Balancing for Multi-Task Learning\", arXiv 2308.12029; Rep-MTL's row "
      + "from Z. Wang et al., \"Rep-MTL\", ICCV 2025, arXiv 2507.21049",
    metrics: .cityscapes,
    baseline: "STL",
    form: .byTaskHigherIsBetter,
    notes: [
      "Δp: by tasks, higher is better.",
      "Three seeds. Not to be mixed with SegNet-MTAN's tables.",
    ],
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Δm
      STL,69.06,91.54,.01282,43.53,
      Rep-MTL,,,,,.62±.53
      DB-MTL,,,,,.20±.40
      STCH,,,,,-.15
      MGDA,,,,,-.19
      IMTL,,,,,-.32
      GLS,,,,,-.39
      Aligned-MTL,,,,,-.43
      IMTL-G,,,,,-.46
      CAGrad,,,,,-.87
      Nash-MTL,,,,,-1.11
      MetaBalance,,,,,-1.18
      IGBv2,,,,,-1.31
      FairGrad,,,,,-1.43
      GradNorm,,,,,-1.55
      RLW,,,,,-1.91
      GradDrop,,,,,-2.02
      EW,,,,,-2.05
      IMTL-L,,,,,-2.15
      DWA,,,,,-2.24
      PCGrad,,,,,-2.36
      MoCo,,,,,-2.40
      UW,,,,,-2.45
      GradVac,,,,,-2.45
      MTAdam,,,,,-2.74
      """)
}
