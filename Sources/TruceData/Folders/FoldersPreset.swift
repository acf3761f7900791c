import TruceRun

/// Collections of pictures whose labels are published in a known form.
enum FoldersPreset {
  private static let key = "preset"

  /// The mapping with the keys of the preset it names, where it does not have them itself.
  static func applied(to node: ConfigurationNode) throws(RunError) -> ConfigurationNode {
    guard let named = try node.child(key), !named.isNull else { return node }
    let name = try named.word()
    guard let text = all[name] else {
      throw named.problem("one of \(all.keys.sorted().joined(separator: ", "))")
    }
    let preset = try ConfigurationNode(yaml: text, file: "preset \(name)")
    return try preset.merging(node.entries())
  }

  private static let all = ["chest-xray14": chestXray14]

  /// The fourteen findings of ChestX-ray14 as the collection's files list them, each measured by AUC.
  ///
  /// - Source: X. Wang et al., "ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks", CVPR 2017.
  private static let chestXray14: String = {
    let findings = [
      "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia",
      "Pneumothorax",
      "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
    ]
    let tasks = findings.map { finding in
      "  \(finding.lowercased()): {kind: binary, column: Finding Labels, holds: \(finding), separator: '|', "
        + "metrics: auc}\n"
    }
    return """
      labels: {file: Data_Entry_2017.csv, name: Image Index}
      channels: 1
      unmatched: skip
      split: {lists: {training: train_val_list.txt, test: test_list.txt}}
      tasks:

      """ + tasks.joined()
  }()
}
