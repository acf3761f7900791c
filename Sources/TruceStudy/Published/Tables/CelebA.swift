extension PublishedTable {
  /// CelebA, forty attributes, the CNN of nine layers.
  static let celebA = PublishedTable(
    name: "celeba",
    title: "CelebA, forty attributes, the CNN of nine layers",
    source:
      "X. Qin et al., \"NTKMTL: Mitigating Task Imbalance in Multi-Task Learning from Neural Tangent "
      + "Kernel Perspective\", NeurIPS 2025, arXiv 2510.18258, table of CelebA; the others from the "
      + "papers of the methods",
    notes: [
      "The papers print no values for single attributes, so Δm and mean ranks are as printed.",
      "FairGrad is 1.15 as COST measured it again; DWA is 2.40 in another table.",
    ],
    rows: """
      method,MR,Δm
      NTKMTL,4.35,-.77±.37
      SVFair,,-.63
      NTKMTL-SR,4.33,.23±.46
      FairGrad,,.37
      PIVRG,,.37
      IMTL-G,,.84
      GO4Align,,.88
      COST,,.93
      FAMO,,1.21
      RLW,,1.46
      CAGrad,,2.48
      Nash-MTL,,2.84
      PCGrad,,3.17
      DWA,,3.20
      UW,,3.23
      LS,,4.15
      SI,,7.20
      MGDA,,14.85
      """)
}
