extension PublishedTable {
  /// NYUv2, DeepLabV3+, by optimizers.
  static let nyuv2DeepLabElich = PublishedTable(
    name: "nyuv2-deeplab-elich",
    title: "NYUv2, DeepLabV3+, by optimizers",
    source: PublishedSource.elich.text,
    metrics: .nyuv2,
    baseline: "STL",
    notes: PublishedSource.elich.notes,
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Mean,Median,11.25,22.5,30,Δm
      STL,55.2,76.7,.365,.152,21.16,14.52,40.2,66.8,76.8,
      "EW, Adam",,,,,,,,,,2.70±.12
      "EW, signSGD+momentum",,,,,,,,,,3.60±.38
      "EW, SGD+momentum",,,,,,,,,,5.21±.18
      "UW, Adam",,,,,,,,,,1.59±.14
      "UW, signSGD+momentum",,,,,,,,,,2.90±.79
      "UW, SGD+momentum",,,,,,,,,,2.57±.56
      "RLW, Adam",,,,,,,,,,2.96±.55
      "RLW, signSGD+momentum",,,,,,,,,,2.74±.30
      "RLW, SGD+momentum",,,,,,,,,,5.15±.54
      "IMTL, Adam",,,,,,,,,,-.39±.05
      "IMTL, signSGD+momentum",,,,,,,,,,1.12±.16
      "IMTL, SGD+momentum",,,,,,,,,,1.30±.40
      "PCGrad, Adam",,,,,,,,,,2.34±.48
      "PCGrad, signSGD+momentum",,,,,,,,,,3.55±.13
      "PCGrad, SGD+momentum",,,,,,,,,,5.10±.28
      "CAGrad, Adam",,,,,,,,,,.10±.55
      "CAGrad, signSGD+momentum",,,,,,,,,,1.49±.12
      "CAGrad, SGD+momentum",,,,,,,,,,.42±.07
      "Aligned-MTL, Adam",,,,,,,,,,-.33±.41
      "Aligned-MTL, signSGD+momentum",,,,,,,,,,.25±.21
      "Aligned-MTL, SGD+momentum",,,,,,,,,,.95±.62
      "AdaTask, Adam",,,,,,,,,,-.39±.21
      "MTL-IO, SGD+momentum",,,,,,,,,,5.01±.38
      """)
}
