import TestSupport
import Testing

@Suite("What tests expect")
struct ExpectTests {
  @Test("What is not as it should be fails a test, where it stands and with both values")
  func failures() {
    withKnownIssue {
      expect([1, 2], is: [1], "numbers")
    } matching: { issue in
      issue.sourceLocation?.fileID == #fileID
        && "\(issue)".contains("numbers\nis     [1, 2]\nwanted [1]")
    }
    withKnownIssue {
      expect(1 > 2, "one")
    } matching: {
      "\($0)".contains("one")
    }
    expect("a", is: "a")
    expect(2 > 1)
  }
}
