import TruceRun

/// The hash in the names of the cells that Truce 0.1 made: of the whole resolved configuration, less a few keys.
///
/// The form is frozen: it is asked for the names of folders that are there already and nothing else, and a
/// configuration that uses a key which Truce 0.1 did not know has no such name.
enum LegacyIdentity {
  /// The keys that were hashed, in their order.
  private static let hashedKeys = [
    "problem", "problem_options", "tasks", "loss_scales", "freeze", "method", "options", "weighting",
    "weighting_options", "preset", "grouping", "gradients", "non_finite", "optimizer", "optimizer_options",
    "learning_rate", "schedule", "schedule_options", "epochs", "max_steps", "batch_size",
    "evaluation_batch_size", "seed", "device", "threads", "precision", "evaluate_every", "checkpoint_every",
    "log_every", "conflict_every", "similarity_every", "similarity_samples", "similarity_layers",
    "corruptions", "updates_every",
  ]
  /// Keys that were hashed with one value for all cells.
  private static let fixedLines = [
    "seed": "seed: 0\n", "device": "device: auto\n", "threads": "threads: 0\n",
    "checkpoint_every": "checkpoint_every: 1\n", "log_every": "log_every: 50\n",
  ]

  /// The eight hexadecimal digits; nil where Truce 0.1 could not have made such a cell.
  static func digits(of configuration: RunConfiguration) -> String? {
    let unknown = configuration.changedKeys.filter { !hashedKeys.contains($0) && !silentKeys.contains($0) }
    guard unknown.isEmpty else { return nil }
    let lines = configuration.resolvedLines
    return StableHash.digits(
      of: hashedKeys.compactMap { fixedLines[$0] ?? lines[$0] }.joined())
  }

  /// Keys that were left out of the hash and may have any value.
  private static let silentKeys: Set<String> = ["checkpoint_every_steps", "tensorboard"]
}
