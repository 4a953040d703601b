// What tests expect of values. `#expect` says the same, but every use of it becomes several functions that are type-checked
// and compiled: with 2,600 of them the tests took a quarter longer to build (CONTRIBUTING.md, "Test").

package import Testing

/// Records a failure where it is called when `value` is not `wanted`.
package func expect<Value: Equatable>(
  _ value: Value, is wanted: Value, _ comment: @autoclosure () -> String = "",
  at place: SourceLocation = #_sourceLocation
) {
  guard value != wanted else { return }
  let words = ["", "is     \(String(reflecting: value))", "wanted \(String(reflecting: wanted))"]
  Issue.record("\(comment())\(words.joined(separator: "\n"))", sourceLocation: place)
}

/// Records a failure where it is called when `condition` does not hold.
package func expect(
  _ condition: Bool, _ comment: @autoclosure () -> String = "",
  at place: SourceLocation = #_sourceLocation
) {
  guard !condition else { return }
  Issue.record("\(comment())", sourceLocation: place)
}
