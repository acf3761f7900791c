/// Returns the known name nearest to a mistyped one, or nil where none is near.
///
/// Nearness is the number of letters to insert, delete, replace or swap; at most a third of the longer name
/// may change.
public func closestName(to name: String, among known: [String]) -> String? {
  let scored = known.map { (name: $0, distance: editDistance($0.lowercased(), name.lowercased())) }
  guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
  let length = max(name.count, best.name.count)
  // Of three letters two are nearly all.
  let limit = length <= 3 ? 1 : max(2, length / 3)
  return best.distance <= limit ? best.name : nil
}

private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
