// From where a register has its value at a place of a function: backwards along all ways that lead there, as far as
// instructions show them. Registers that are put away on the stack are followed, too; what is written there through
// another pointer is not seen, so that what comes from there is never for sure.

/// The code of one function, taken apart.
struct FunctionFlow {
  private let set: InstructionSet
  private let instructions: [CodeInstruction]
  /// Where each instruction begins, in its section.
  private let places: [Int]
  /// The instructions that jump to a place.
  private let arrivals: [Int: [Int]]

  /// Takes apart `code` within `range`, up to what is not known. Jumps that relocations make lead out of the
  /// function; `neverReturns` tells of the relocation of a call whether the function that is called comes back.
  init(
    _ code: ByteSlice, _ range: Range<Int>, _ set: InstructionSet, _ relocations: [Relocation],
    neverReturns: (Relocation) -> Bool
  ) {
    self.set = set
    var instructions: [CodeInstruction] = []
    var places: [Int] = []
    var arrivals: [Int: [Int]] = [:]
    var place = range.lowerBound
    while place < range.upperBound, let instruction = set.instruction(code, place) {
      var own = instruction
      let end = place + instruction.length
      let relocation = relocations.first(within: place..<end)
      switch instruction.flow {
      case .branch where relocation != nil: own = instruction.going(.next)
      case .jump where relocation != nil: own = instruction.going(.end)
      case .call where relocation.map(neverReturns) ?? false: own = instruction.going(.end)
      case .branch(let distance), .jump(let distance):
        arrivals[end &+ distance, default: []].append(instructions.count)
      default: break
      }
      instructions.append(own)
      places.append(place)
      place = end
    }
    (self.instructions, self.places, self.arrivals) = (instructions, places, arrivals)
  }

  /// What may be in a register.
  struct Values {
    /// The relocations of the addresses that are loaded into it.
    var loads: [Relocation] = []
    /// Those of the places in memory that it is read from.
    var reads: [Read] = []
    /// Whether it has one of these for sure.
    var isComplete = true

    /// Nobody chooses from more, and whoever adds one looks at all.
    private static let most = 64

    mutating func add(_ load: Relocation) {
      if loads.contains(load) { return }
      if loads.count < Self.most { loads.append(load) } else { isComplete = false }
    }

    mutating func add(_ read: Read) {
      isComplete = false
      if reads.count < Self.most, !reads.contains(read) { reads.append(read) }
    }
  }

  /// A place in memory that is read.
  struct Read: Equatable {
    let relocation: Relocation
    /// Whether it is a table of addresses, of which any may be read.
    let isTable: Bool
  }

  private struct State: Hashable {
    /// The instruction before which the register is asked about.
    let index: Int
    /// Its number, or that of a place of the stack.
    let register: UInt8
  }

  /// What `register` may hold when the instruction at `place` begins; `nil` when none begins there. Takes no more
  /// than `steps`, and leaves those that are not used.
  func values(
    of register: UInt8, before place: Int, _ relocations: [Relocation], steps: inout Int
  ) -> Values? {
    let index = Halving.firstIndex(places.count) { places[$0] >= place }
    guard index < places.count, places[index] == place else { return nil }
    var values = Values()
    var waiting = [State(index: index, register: register)]
    var seen: Set<State> = Set(waiting)
    walk: while let state = waiting.popLast() {
      let jumps = arrivals[places[state.index]] ?? []
      let goesOn = state.index > 0 && instructions[state.index - 1].goesOn
      // The beginning of the function, or what a table of jumps leads to.
      if jumps.isEmpty && !goesOn || state.index == 0 { values.isComplete = false }
      // Any number of jumps may lead to one place: each is a step.
      for number in 0..<jumps.count + (goesOn ? 1 : 0) {
        guard steps > 0 else {
          values.isComplete = false
          break walk
        }
        steps -= 1
        let index = number < jumps.count ? jumps[number] : state.index - 1
        for register in registers(before: index, for: state.register, relocations, &values) {
          let next = State(index: index, register: register)
          if seen.insert(next).inserted { waiting.append(next) }
        }
      }
    }
    values.loads.sort { $0.offset < $1.offset }
    return values
  }

  /// Whether `place` of the stack is another one before `instruction` than behind it.
  private func moves(_ place: UInt8, _ instruction: CodeInstruction) -> Bool {
    let base = StackPlace.isOfFrame(place) ? set.framePointer : set.stackPointer
    return instruction.changes(anyOf: 1 << UInt32(base))
  }

  /// The registers, or places of the stack, that the value of `register` behind instruction `index` was in
  /// before it; none when the instruction has made it, which `values` then knows.
  private func registers(
    before index: Int, for register: UInt8, _ relocations: [Relocation], _ values: inout Values
  ) -> [UInt8] {
    let instruction = instructions[index]
    if StackPlace.isPlace(register), moves(register, instruction) {
      values.isComplete = false
      return []
    }
    if instruction.flow == .call, set.lostInCalls >> UInt32(register) & 1 == 1 {
      values.isComplete = false
      return []
    }
    switch instruction.effect {
    case .writes(let mask, let place):
      guard mask >> UInt32(register) & 1 == 1 || place == register else { return [register] }
      values.isComplete = false
      return []
    case .loads(let target, let field):
      guard target == register else { return [register] }
      let place = places[index] + field
      if let load = relocations.first(within: place..<place + 1) {
        values.add(load)
      } else {
        values.isComplete = false
      }
      return []
    case .reads(let target, let field, let isTable):
      guard target == register else { return [register] }
      let place = places[index] + field
      if let relocation = relocations.first(within: place..<place + 1) {
        values.add(Read(relocation: relocation, isTable: isTable))
      } else {
        values.isComplete = false
      }
      return []
    case .copies(let target, let source):
      // Who has its address may write to a place of the stack.
      if target == register, StackPlace.isPlace(source) { values.isComplete = false }
      return [target == register ? source : register]
    case .copiesOne(let target, let places):
      guard target == register else { return [register] }
      values.isComplete = false
      return Array(places)
    case .mayCopy(let target, let source):
      return target == register ? [source, register] : [register]
    }
  }
}

extension CodeInstruction {
  /// The same, which goes on elsewhere.
  fileprivate func going(_ flow: Flow) -> Self { Self(length: length, flow: flow, effect: effect) }

}

extension [Relocation] {
  /// The first within `range`, of relocations in the order of their offsets.
  fileprivate func first(within range: Range<Int>) -> Relocation? {
    let index = Halving.firstIndex(count) { self[$0].offset >= UInt64(range.lowerBound) }
    guard index < count, self[index].offset < UInt64(range.upperBound) else { return nil }
    return self[index]
  }
}
