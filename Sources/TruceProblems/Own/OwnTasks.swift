import TruceData
import TruceTasks

extension TableEncoding.Task {
  /// The task as training and measuring see it.
  var problemTask: any ProblemTask {
    switch label {
    case .regression: RegressionTask(name: name)
    case .binary: BinaryTask(name: name)
    case .classes(let words): ClassificationTask(name: name, words: words)
    }
  }
}
