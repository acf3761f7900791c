import RealModule

/// A method that may be advised: how far it goes about each trouble, from 0 to 1, and in which words.
///
/// Those that keep a promise for every step go furthest; those that give the promise for two tasks, or on average, less
/// far. The tests hold the promises to the properties that the catalogue declares.
struct Candidate {
  let name: String
  var direction = 0.0
  var onDirection = ""
  var size = 0.0
  var onSize = ""
  /// The most backward passes of a step, however many tasks there are.
  var passLimit = Int.max

  private static let agreement = "never steps against a task"
  private static let invariance = "ignores how long each task's gradient is"

  static let all = [
    Candidate(
      name: "cagrad", direction: 0.9,
      onDirection: "lifts the task that gains least and stays near the average gradient"),
    Candidate(name: "upgrad", direction: 0.85, onDirection: agreement),
    Candidate(
      name: "cagrad-fast", direction: 0.8, onDirection: "is CAGrad on a few tasks at a time", passLimit: 5),
    Candidate(
      name: "pcgrad", direction: 0.8,
      onDirection: "takes out of each gradient what opposes another"),
    Candidate(
      name: "nash-mtl", direction: 0.75, onDirection: agreement, size: 0.9, onSize: invariance),
    Candidate(
      name: "aligned-mtl", direction: 0.7, onDirection: "makes the gradients orthogonal before it adds them",
      size: 0.6, onSize: "makes them equally long"),
    Candidate(
      name: "imtl-g", direction: 0.4, onDirection: "moves equally far along every gradient", size: 0.95,
      onSize: invariance),
    Candidate(
      name: "uw-o", size: 0.9, onSize: "divides each loss by itself, so that its scale does not matter",
      passLimit: 1),
    Candidate(name: "famo", size: 0.7, onSize: "keeps the losses falling at one rate", passLimit: 1),
  ]

  /// Whether a limit of passes is one: with few tasks all may as well take part.
  func isWorthwhile(for taskCount: Int) -> Bool {
    passLimit == 1 || passLimit == .max || taskCount > passLimit
  }

  /// What the backward passes of a step cost, beside gains from 0 to 1: a twentieth for each doubling.
  func price(for taskCount: Int) -> Double {
    0.05 * Double.log2(Double(max(min(taskCount, passLimit), 1)))
  }
}
