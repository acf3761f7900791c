import TruceEngine

struct LargestError: Metric {
  private var largest = 0.0
  var records: [MetricRecord] { [MetricRecord(name: "largest_error", higherIsBetter: false)] }
  var values: [Double] { [largest] }
  mutating func merge(_ other: LargestError) { largest = max(largest, other.largest) }
  mutating func update(output: Tensor, target: TaskTarget) {
    largest = max(largest, (output - target.values).abs().amax().item())
  }
}

final class Waves: VectorTrunk {
  let (featureCount, layer): (Int, Linear)
  init(using generator: Generator) { (featureCount, layer) = (16, Linear(1, 16, using: generator)) }
  func visit(_ visitor: ModuleVisitor) { visitor.child("layer", layer) }
  func forward(_ input: Tensor) -> Tensor { (layer(input) * 6).sin() }
}

let waves = TrunkDescription(
  name: "waves", summary: "sine waves", source: "this example", takes: "a number", gives: "16 numbers")
let twoWaves = ProblemDescription(
  name: "two-waves", summary: "the sine and the cosine of a number", source: "this example",
  tasks: ["sine", "cosine"].map { TaskDescription(name: $0, summary: "the \($0)") },
  network: NetworkChoice(trunk: "waves"))
@Sendable func makeTwoWaves(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
  let generator = Generator(seed: request.seed)
  func set() throws -> Dataset {
    let input = Tensor.uniform([256, 1], using: generator)
    let targets = [("sine", (input * 6).sin()), ("cosine", (input * 6).cos())]
    return try Dataset(input: input, targets: targets.map { TaskTarget(task: $0.0, values: $0.1) })
  }
  let tasks = ["sine", "cosine"].map { RegressionTask(name: $0, metrics: [LargestError()]) }
  let data = try ProblemData(DatasetSplits(training: set(), test: set()), for: request)
  return PlainProblem(tasks: try request.chosen(among: tasks), data: data)
}

let problem = ProblemEntry(about: twoWaves, make: makeTwoWaves)
let trunk = TrunkEntry(about: waves) { Waves(using: $1.generator) }
await TruceEngine.main(adding: Additions(problems: [problem], trunks: [trunk]))
