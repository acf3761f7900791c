extension PublishedTable {
  /// Cityscapes, two tasks, SegNet, by optimizers.
  static let cityscapesSegNetElich = PublishedTable(
    name: "cityscapes-segnet-elich",
    title: "Cityscapes, two tasks, SegNet, by optimizers",
    source: PublishedSource.elich.text,
    metrics: .cityscapes,
    baseline: "STL",
    notes: PublishedSource.elich.notes,
    rows: """
      method,mIoU,Pix Acc,Abs Err,Rel Err,Δm
      STL,71.22,92.21,.0134,29.88,
      "EW, Adam",,,,,79.43±3.68
      "EW, signSGD+momentum",,,,,86.52±6.06
      "EW, SGD+momentum",,,,,86.24±1.97
      "UW, Adam",70.52,92.02,.0136,35.69,5.44±2.38
      "UW, signSGD+momentum",,,,,28.54±7.83
      "UW, SGD+momentum",,,,,88.39±1.35
      "RLW, Adam",,,,,73.91±7.63
      "RLW, signSGD+momentum",,,,,82.90±5.32
      "RLW, SGD+momentum",,,,,88.16±.67
      "IMTL, Adam",,,,,16.55±1.52
      "IMTL, signSGD+momentum",,,,,74.03±14.62
      "IMTL, SGD+momentum",,,,,90.21±.74
      "PCGrad, Adam",,,,,80.56±3.70
      "PCGrad, signSGD+momentum",,,,,84.74±3.46
      "PCGrad, SGD+momentum",,,,,84.09±.93
      "CAGrad, Adam",,,,,35.81±14.91
      "CAGrad, signSGD+momentum",,,,,74.68±18.91
      "CAGrad, SGD+momentum",,,,,85.88±.31
      "Aligned-MTL, Adam",71.64,92.46,.0154,64.89,32.76±5.27
      "Aligned-MTL, signSGD+momentum",,,,,69.77±24.91
      "Aligned-MTL, SGD+momentum",,,,,88.37±.53
      "AdaTask, Adam",,,,,21.28±.35
      "MTL-IO, SGD+momentum",,,,,86.46±1.63
      """)
}
