// Who needs whom among the modules of a page.

import ELFKit

struct TreeGraph {
  /// Of each module, in the order of the page, those whose symbols it imports.
  let needs: [[Int]]
  /// Of each module, those that import its symbols.
  let users: [[Int]]
  /// How many modules have a name that an earlier one has: who needs whom is not said of them.
  let repeated: Int

  init(_ entries: [TreeEntry]) {
    var places: [Int] = []
    var names: Set<ByteSlice> = []
    var members: [ModuleMember] = []
    for (place, entry) in entries.enumerated() {
      guard let member = entry.member, names.insert(member.name).inserted else { continue }
      places.append(place)
      members.append(member)
    }
    let graph = DependencyGraph(members)
    var needs = [[Int]](repeating: [], count: entries.count)
    var users = needs
    for (position, place) in places.enumerated() {
      needs[place] = graph.edges[position].map { places[$0.provider] }.sorted()
      users[place] = graph.users[position].map { places[$0] }.sorted()
    }
    self.needs = needs
    self.users = users
    repeated = entries.count { $0.member != nil } - members.count
  }
}
