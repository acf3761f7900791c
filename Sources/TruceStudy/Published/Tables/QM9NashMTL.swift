extension PublishedTable {
  /// QM9, eleven targets, as the Nash-MTL paper has it.
  static let qm9NashMTL = PublishedTable(
    name: "qm9-nash-mtl",
    title: "QM9, eleven targets, as the Nash-MTL paper has it",
    source:
      "A. Navon et al., \"Multi-Task Learning as a Bargaining Game\", ICML 2022, arXiv 2202.01017, "
      + "Table 6",
    metrics: .qm9,
    baseline: "STL",
    isWhole: true,
    notes: [
      "Three seeds, batches of 120, early stopping on the validation molecules."
    ],
    rows: """
      method,μ,α,HOMO,LUMO,⟨R²⟩,ZPVE,U0,U,H,G,cv,MR,Δm
      STL,.067,.181,60.57,53.91,.502,4.53,58.8,64.2,63.8,66.2,.072,,
      LS,.106,.325,73.57,89.67,5.19,14.06,143.4,144.2,144.6,140.3,.128,6.8,177.6
      SI,.309,.345,149.8,135.7,1.00,4.50,55.3,55.75,55.82,55.27,.112,4.0,77.8
      RLW,.113,.340,76.95,92.76,5.86,15.46,156.3,157.1,157.6,153.0,.137,8.2,203.8
      DWA,.107,.325,74.06,90.61,5.09,13.99,142.3,143.0,143.4,139.3,.125,6.4,175.3
      UW,.386,.425,166.2,155.8,1.06,4.99,66.4,66.78,66.80,66.24,.122,5.3,108.0
      MGDA,.217,.368,126.8,104.6,3.22,5.69,88.37,89.4,89.32,88.01,.120,5.9,120.5
      PCGrad,.106,.293,75.85,88.33,3.94,9.15,116.36,116.8,117.2,114.5,.110,5.0,125.7
      CAGrad,.118,.321,83.51,94.81,3.21,6.93,113.99,114.3,114.5,112.3,.116,5.7,112.8
      IMTL-G,.136,.287,98.31,93.96,1.75,5.69,101.4,102.4,102.0,100.1,.096,4.7,77.2
      Nash-MTL,.102,.248,82.95,81.89,2.42,5.38,74.5,75.02,75.10,74.16,.093,2.5,62.0
      """)
}
