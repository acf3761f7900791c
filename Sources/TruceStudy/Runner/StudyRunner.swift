public import Foundation
public import TruceRun

/// Works off the runs of a study, several at a time, each in a process of its own.
///
/// Runs are claimed one by one through their folders, so several runners may work on one study. Nothing but
/// the folders decides what remains to be done: a runner that was killed is simply started again.
public final class StudyRunner<C: Clock> where C.Duration == Duration {
  private let plan: StudyPlan
  private let folder: StudyFolder
  private let store: StudyStore?
  private let launcher: any WorkerLauncher
  private let options: RunnerOptions
  private let clock: C
  private let date: () -> Date
  private let stopRequests: () -> Int
  private let observer: (any RunnerObserver)?

  private let start: C.Instant
  private var waiting: [RunKey]
  private var active: [ActiveRun<C>] = []
  private var states: [RunKey: RunState] = [:]
  private var crashes: [RunKey: Int] = [:]
  private var restarts: Set<RunKey>
  private var durations = DurationEstimate()
  private var stopReason: StopReason?
  private var nextScan: C.Instant
  private var nextShow: C.Instant
  private var hasSaidWaiting = false
  private var hasStoppedWorkers = false

  /// Creates a runner.
  ///
  /// - Parameters:
  ///   - plan: The study's plan.
  ///   - runs: The runs to work off; nil for all.
  ///   - folder: The study's folder, prepared for the plan.
  ///   - store: The index to keep up to date, where there is one.
  ///   - launcher: How workers are started.
  ///   - options: How to go about it.
  ///   - clock: The clock.
  ///   - date: Tells the time of day.
  ///   - stopRequests: How often the process was asked to stop; the first time workers are asked to stop
  ///     after a checkpoint, the second time they are ended.
  ///   - observer: Someone to tell.
  public init(
    plan: StudyPlan, runs: [RunKey]? = nil, folder: StudyFolder, store: StudyStore?,
    launcher: any WorkerLauncher,
    options: RunnerOptions, clock: C, date: @escaping () -> Date = Date.init,
    stopRequests: @escaping () -> Int = { Interruption.requests },
    observer: (any RunnerObserver)? = nil
  ) {
    self.plan = plan
    self.folder = folder
    self.store = store
    self.launcher = launcher
    self.options = options
    self.clock = clock
    self.date = date
    self.stopRequests = stopRequests
    self.observer = observer
    self.start = clock.now
    self.nextScan = start
    self.nextShow = start
    self.waiting = runs ?? plan.runs
    self.restarts = options.restarts
  }

  /// Works until every run is settled, or until there is a reason to stop.
  ///
  /// - Returns: How each run stands and why the runner stopped.
  /// - Throws: `CancellationError` where the task is cancelled.
  public func run() async throws -> RunnerOutcome {
    for key in waiting { states[key] = RunState(of: folder.directory(of: key)) }
    tellObservations()
    while true {
      reap()
      checkForStop()
      if stopReason == nil, active.count < options.jobs, clock.now >= nextScan { fill() }
      show()
      if active.isEmpty, waiting.isEmpty || stopReason != nil { break }
      try await clock.sleep(for: .milliseconds(50))
    }
    return RunnerOutcome(states: states, stopReason: waiting.isEmpty ? failure : stopReason)
  }

  /// What went wrong for all runs; it outlives the last of them.
  private var failure: StopReason? {
    if case .failure = stopReason { stopReason } else { nil }
  }

  /// Says so where settled runs were observed in another way than the plan now asks for: they are the same runs.
  private func tellObservations() {
    let changed = waiting.filter { states[$0]?.isSettled == true }.compactMap { key -> [String]? in
      guard let before = try? folder.directory(of: key).configuration() else { return nil }
      let keys = plan.configuration(of: key)?.differences(from: before, in: .observes).map(\.field) ?? []
      return keys.isEmpty ? nil : keys
    }
    guard !changed.isEmpty else { return }
    observer?.handle(
      .observedOtherwise(runs: changed.count, keys: Array(Set(changed.joined())).sorted()))
  }

  // MARK: Stopping

  private func checkForStop() {
    let reason = reasonToStop()
    if let reason, stopReason == nil { stop(reason) }
    if reason == .interrupted || reason == .cancelled, !hasStoppedWorkers {
      hasStoppedWorkers = true
      active.forEach { $0.worker.stop() }
    }
    if stopRequests() > 1 { active.forEach { $0.worker.kill() } }
  }

  private func reasonToStop() -> StopReason? {
    if stopRequests() > 0 { return .interrupted }
    if folder.isCancelled { return .cancelled }
    if let limit = plan.file.budget.maxSeconds, seconds(since: start) >= limit { return .budget }
    return nil
  }

  private func stop(_ reason: StopReason) {
    stopReason = reason
    if !waiting.isEmpty || !active.isEmpty { observer?.handle(.stopping(reason)) }
  }

  // MARK: Starting

  /// Starts workers for free places, in the order of the plan.
  private func fill() {
    var remaining: [RunKey] = []
    for (index, key) in waiting.enumerated() {
      guard active.count < options.jobs, stopReason == nil else {
        remaining += waiting[index...]
        break
      }
      if !settleOrStart(key) { remaining.append(key) }
    }
    waiting = remaining
    if active.count < options.jobs {
      nextScan = clock.now.advanced(by: .seconds(1))
      tellWaiting()
    }
  }

  private func tellWaiting() {
    guard active.isEmpty, !waiting.isEmpty, stopReason == nil, !hasSaidWaiting else { return }
    hasSaidWaiting = true
    observer?.handle(.waiting(runs: waiting.count))
  }

  /// Takes a run off the list: because it is settled, or because its worker was started.
  private func settleOrStart(_ key: RunKey) -> Bool {
    let directory = folder.directory(of: key)
    if isSettled(key, in: directory) { return true }
    do {
      let claim = try directory.claim()
      // Another runner may have settled it between the look and the claim.
      if isSettled(key, in: directory) { return true }
      try start(key, in: directory, claim: claim)
      return true
    } catch RunError.busy {
      states[key] = .running
      return false
    } catch {
      stop(.failure(Self.fatal(error, at: key)))
      return false
    }
  }

  private func isSettled(_ key: RunKey, in directory: RunDirectory) -> Bool {
    let state = RunState(of: directory)
    let isNew = states[key] != state
    states[key] = state
    // A claimed run is called running, so what is damaged is remembered before the claim.
    if state.isDamaged { restarts.insert(key) }
    switch state {
    case .failed: return !options.retriesFailedRuns
    case _ where restarts.contains(key): return false
    default:
      if state.isSettled, isNew { index(key) }
      return state.isSettled
    }
  }

  private func start(_ key: RunKey, in directory: RunDirectory, claim: RunClaim) throws {
    guard let configuration = plan.configuration(of: key) else { return }
    let mustRestart = restarts.remove(key) != nil
    let isResuming = directory.hasBegun && !mustRestart
    try directory.open(mustRestart ? .force : .resume)
    try directory.discardSummary()
    try directory.write(configuration)
    let order = WorkerOrder(
      directory: directory, configuration: configuration, isResuming: isResuming,
      threads: options.threadsPerJob, jobs: options.jobs, claim: claim)
    let worker = try launcher.launch(order)
    let position = isResuming ? RunPosition(of: directory, maxSteps: configuration.maxSteps) : nil
    active.append(
      ActiveRun(
        key: key, order: order, worker: worker, start: clock.now, startDate: date(),
        startFraction: position?.fraction ?? 0))
    states[key] = .running
    observer?.handle(.started(key, isResuming: isResuming))
  }

  private static func fatal(_ error: any Error, at key: RunKey) -> StudyError {
    (error as? StudyError) ?? .stopped(run: key.description, reason: "\(error)")
  }

  // MARK: Ending

  /// Settles the runs whose workers have ended.
  private func reap() {
    let ended = active.compactMap { run in run.worker.exit.map { (run, $0) } }
    active.removeAll { run in ended.contains { $0.0.key == run.key } }
    for (run, exit) in ended { settle(run, exit) }
  }

  private func settle(_ run: ActiveRun<C>, _ exit: WorkerExit) {
    let seconds = seconds(since: run.start)
    let verdict = WorkerVerdict(
      exit, of: run.order.directory, wasToldToStop: hasStoppedWorkers)
    let isRetried = isRetried(run.key, verdict)
    do {
      try record(run, exit, verdict, seconds: seconds, isRetried: isRetried)
    } catch {
      stop(.failure(Self.fatal(error, at: run.key)))
    }
    run.order.claim.release()
    nextScan = clock.now
    if isRetried || (verdict == .stopped && stopReason != nil) { waiting.insert(run.key, at: 0) }
    if verdict == .finished { durations.add(seconds: seconds) }
    states[run.key] = isRetried ? .interrupted : verdict.state
    if !isRetried { observer?.handle(.ended(run.key, verdict.state, seconds: seconds)) }
    index(run.key)
    stopIfDiskFailed(run.key, exit, verdict)
  }

  /// Writes down how the worker ended, and a failure for good where the worker could not do so itself.
  private func record(
    _ run: ActiveRun<C>, _ exit: WorkerExit, _ verdict: WorkerVerdict, seconds: Double, isRetried: Bool
  ) throws(RunError) {
    let directory = run.order.directory
    if let reason = verdict.failure, !isRetried {
      let position = RunPosition(of: directory, maxSteps: run.order.configuration.maxSteps)
      try directory.write(
        RunSummary(
          status: .failed, reason: reason, epochs: position?.epoch ?? 0, steps: position?.step ?? 0,
          seconds: position?.seconds ?? 0))
    }
    try directory.append(
      Attempt(
        startedAt: run.startDate, seconds: seconds, exitCode: exit.code, signal: exit.signal,
        reason: verdict.failure, host: ProcessInfo.processInfo.hostName, threads: run.order.threads))
  }

  /// Whether a run that crashed, or was stopped by someone else, is started once more.
  private func isRetried(_ key: RunKey, _ verdict: WorkerVerdict) -> Bool {
    guard stopReason == nil, let reason = verdict.chance else { return false }
    crashes[key, default: 0] += 1
    guard crashes[key, default: 0] <= options.retries ?? plan.file.retries else { return false }
    observer?.handle(.retrying(key, reason: reason))
    return true
  }

  /// A worker that cannot write says that the others will not be able to either.
  private func stopIfDiskFailed(_ key: RunKey, _ exit: WorkerExit, _ verdict: WorkerVerdict) {
    guard let reason = verdict.failure, exit.code == ExitStatus.inputOutput.rawValue else { return }
    if stopReason == nil { stop(.failure(.stopped(run: key.description, reason: reason))) }
  }

  private func index(_ key: RunKey) {
    do {
      try store?.index(key, of: plan, in: folder)
    } catch {
      observer?.handle(.indexBehind(reason: "\(error)"))
    }
  }

  // MARK: Progress

  private func seconds(since instant: C.Instant) -> Double {
    instant.duration(to: clock.now) / .seconds(1)
  }

  private func show() {
    guard let observer, clock.now >= nextShow else { return }
    nextShow = clock.now.advanced(by: options.updateInterval)
    observer.show(progress())
  }

  private func progress() -> StudyProgress {
    let running = active.map(progress)
    let counts = Dictionary(grouping: states.values, by: \.word).mapValues(\.count)
    return StudyProgress(
      total: states.count, finished: counts["finished"] ?? 0, diverged: counts["diverged"] ?? 0,
      failed: counts["failed"] ?? 0, active: running, elapsed: seconds(since: start),
      secondsLeft: secondsLeft(running))
  }

  private func progress(of run: ActiveRun<C>) -> StudyProgress.Active {
    let position = RunPosition(of: run.order.directory, maxSteps: run.order.configuration.maxSteps)
    let elapsed = seconds(since: run.start)
    let left = DurationEstimate.secondsLeft(
      from: run.startFraction, to: position?.fraction, elapsed: elapsed)
    return StudyProgress.Active(
      key: run.key, position: position,
      secondsLeft: left ?? durations.mean.map { max(0, $0 - elapsed) })
  }

  private func secondsLeft(_ running: [StudyProgress.Active]) -> Double? {
    let lefts = running.compactMap(\.secondsLeft)
    guard lefts.count == running.count else { return nil }
    let waitingSeconds = durations.mean.map { $0 * Double(waiting.count) }
    guard let waitingSeconds = waiting.isEmpty ? 0 : waitingSeconds else { return nil }
    return max(lefts.max() ?? 0, (lefts.reduce(0, +) + waitingSeconds) / Double(options.jobs))
  }
}

/// A run with its worker.
private struct ActiveRun<C: Clock> {
  let key: RunKey
  let order: WorkerOrder
  let worker: any Worker
  let start: C.Instant
  let startDate: Date
  let startFraction: Double
}
