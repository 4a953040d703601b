// What `report` makes, and what came of the run.

import ELFKit

struct Document {
  let bytes: [UInt8]
  let status: ExitStatus
  /// Whether no module could be read.
  let isEmpty: Bool
}
