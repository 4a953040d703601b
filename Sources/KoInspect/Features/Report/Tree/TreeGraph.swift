// Who needs whom among the modules of a document.

import ELFKit

struct TreeGraph {
  /// Of each module, in the order of the document, those whose symbols it imports.
  let needs: [[Int]]
  /// Of each module, those that import its symbols.
  let users: [[Int]]
  /// How many modules have a name that an earlier one has: who needs whom is not said of them.
  let repeated: Int

  /// The graph of `all`, of which those that could not be read are `nil`.
  init(_ all: [ModuleMember?]) {
    var places: [Int] = []
    var names: Set<ByteSlice> = []
    var members: [ModuleMember] = []
    for (place, member) in all.enumerated() {
      guard let member, names.insert(member.name).inserted else { continue }
      places.append(place)
      members.append(member)
    }
    let graph = DependencyGraph(members)
    var needs = [[Int]](repeating: [], count: all.count)
    var users = needs
    for (position, place) in places.enumerated() {
      needs[place] = graph.edges[position].map { places[$0.provider] }.sorted()
      users[place] = graph.users[position].map { places[$0] }.sorted()
    }
    self.needs = needs
    self.users = users
    repeated = all.count { $0 != nil } - members.count
  }
}
