extension PublishedTable {
  /// Cityscapes, two tasks, DeepLabV3+, by optimizers.
  static let cityscapesDeepLabElich = PublishedTable(
    name: "cityscapes-deeplab-elich",
    title: "Cityscapes, two tasks, DeepLabV3+, by optimizers",
    source: PublishedSource.elich.text,
    metrics: .cityscapes,
    baseline: "STL",
    notes: PublishedSource.elich.notes,
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Δm
      STL,72.03,92.53,.0132,47.37,
      "EW, Adam",,,,,-.80±.69
      "EW, signSGD+momentum",,,,,3.07±2.70
      "EW, SGD+momentum",,,,,46.88±2.02
      "UW, Adam",72.24,92.59,.0122,44.37,-3.65±.61
      "UW, signSGD+momentum",,,,,-.35±2.23
      "UW, SGD+momentum",,,,,44.47±1.91
      "RLW, Adam",,,,,.26±1.08
      "RLW, signSGD+momentum",,,,,4.09±.39
      "RLW, SGD+momentum",,,,,48.84±1.79
      "IMTL, Adam",,,,,-3.38±.92
      "IMTL, signSGD+momentum",,,,,.57±3.75
      "IMTL, SGD+momentum",,,,,50.33±3.30
      "PCGrad, Adam",,,,,-.58±.56
      "PCGrad, signSGD+momentum",,,,,3.28±1.41
      "PCGrad, SGD+momentum",,,,,47.90±3.68
      "CAGrad, Adam",,,,,-2.59±.68
      "CAGrad, signSGD+momentum",,,,,.37±.41
      "CAGrad, SGD+momentum",,,,,46.58±2.21
      "Aligned-MTL, Adam",,,,,-1.79±.70
      "Aligned-MTL, signSGD+momentum",,,,,-.70±.61
      "Aligned-MTL, SGD+momentum",,,,,46.94±1.19
      "AdaTask, Adam",,,,,-1.77±.86
      "MTL-IO, SGD+momentum",,,,,49.57±2.28
      """)
}
