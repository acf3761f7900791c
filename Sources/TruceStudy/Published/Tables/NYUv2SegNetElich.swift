extension PublishedTable {
  /// NYUv2, SegNet, by optimizers.
  static let nyuv2SegNetElich = PublishedTable(
    name: "nyuv2-segnet-elich",
    title: "NYUv2, SegNet, by optimizers",
    source: PublishedSource.elich.text,
    metrics: .nyuv2,
    baseline: "STL",
    notes: PublishedSource.elich.notes,
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,Δm
      STL,39.2,64.6,.607,.258,24.74,18.49,30.8,58.2,70.0,
      "EW, Adam",,,,,,,,,,10.08±2.84
      "EW, signSGD+momentum",,,,,,,,,,12.75±2.24
      "EW, SGD+momentum",,,,,,,,,,12.84±.65
      "UW, Adam",,,,,,,,,,5.42±1.04
      "UW, signSGD+momentum",,,,,,,,,,8.05±1.18
      "UW, SGD+momentum",,,,,,,,,,4.46±2.13
      "RLW, Adam",,,,,,,,,,14.28±2.38
      "RLW, signSGD+momentum",,,,,,,,,,11.42±1.02
      "RLW, SGD+momentum",,,,,,,,,,16.82±1.16
      "IMTL, Adam",,,,,,,,,,2.06±1.31
      "IMTL, signSGD+momentum",,,,,,,,,,1.97±.83
      "IMTL, SGD+momentum",,,,,,,,,,.72±.68
      "PCGrad, Adam",,,,,,,,,,7.39±.86
      "PCGrad, signSGD+momentum",,,,,,,,,,9.59±1.02
      "PCGrad, SGD+momentum",,,,,,,,,,11.61±.36
      "CAGrad, Adam",40.5,66.1,.527,.211,25.85,20.02,28.2,55.0,67.4,-.65±.96
      "CAGrad, signSGD+momentum",,,,,,,,,,1.67±.61
      "CAGrad, SGD+momentum",,,,,,,,,,2.06±.65
      "Aligned-MTL, Adam",,,,,,,,,,-.86±.14
      "Aligned-MTL, signSGD+momentum",,,,,,,,,,.90±.54
      "Aligned-MTL, SGD+momentum",,,,,,,,,,2.33±1.00
      "AdaTask, Adam",,,,,,,,,,1.00±.8
      "MTL-IO, SGD+momentum",,,,,,,,,,12.69±1.21
      """)
}
