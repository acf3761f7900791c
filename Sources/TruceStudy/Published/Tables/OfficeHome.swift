extension PublishedTable {
  /// Office-Home, four domains, ResNet-18, mean accuracy.
  static let officeHome = PublishedTable(
    name: "office-home",
    title: "Office-Home, four domains, ResNet-18, mean accuracy",
    source: PublishedSource.office.text,
    metrics: [.accuracy("accuracy")],
    baseline: "STL",
    form: .byTaskHigherIsBetter,
    notes: PublishedSource.office.notes,
    remarks: [
      .deltaM(of: "DB-MTL", "the mean accuracy gives +0.05"),
      .deltaM(of: "IGBv2", "the mean accuracy gives −1.25"),
      .deltaM(of: "Nash-MTL", "the mean accuracy gives −0.14"),
      .deltaM(of: "MGDA", "the mean accuracy gives −1.57"),
      .deltaM(of: "EW", "the mean accuracy gives −0.94"),
    ],
    rows: """
      method,accuracy,Δm
      STL,78.91,
      Rep-MTL,,.41
      DB-MTL,78.95,.17
      IGBv2,77.92,-1.21
      MoCo,77.93,
      Nash-MTL,78.80,-.08
      MGDA,77.67,-1.61
      UW,78.08,
      GradVac,77.71,
      GradNorm,78.10,
      EW,78.17,-.92
      RLW,78.18,
      GradDrop,77.50,
      IMTL-L,77.98,
      MetaBalance,77.61,
      PCGrad,77.99,
      MTAdam,76.69,
      DWA,77.88,
      Aligned-MTL,77.77,
      IMTL-G,77.98,
      IMTL,77.59,
      CAGrad,77.73,
      GLS,77.69,
      """)
}
