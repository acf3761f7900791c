/// What a study asks of Slurm.
public struct SlurmOptions: Sendable, Equatable {
  /// The partition; nil for the cluster's own choice.
  public var partition: String?
  /// The wall-clock limit of a job in Slurm's notation, such as `01:00:00`; nil for the partition's own.
  public var time: String?
  /// The processors of a job, which are also the threads of its worker.
  public var processors: Int
  /// The jobs that may run at once; nil for as many as Slurm allows.
  public var jobs: Int?
  /// Seconds before the limit at which a worker is asked to write its checkpoint.
  public var grace: Int
  /// How often a job that met its limit is queued again.
  public var requeues: Int
  /// Further options of `sbatch`, such as `--gres=gpu:1`.
  public var further: [String]

  /// Creates options.
  public init(
    partition: String? = nil, time: String? = nil, processors: Int = 1, jobs: Int? = nil, grace: Int = 120,
    requeues: Int = 100, further: [String] = []
  ) {
    self.partition = partition
    self.time = time
    self.processors = processors
    self.jobs = jobs
    self.grace = grace
    self.requeues = requeues
    self.further = further
  }
}
