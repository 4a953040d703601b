// The date, for what expires.

import Glibc

/// The day, in UTC, as `YYYY-MM-DD`.
func today() -> String { day(time(nil) / 86_400) }

/// The moment, in UTC, as `YYYY-MM-DDThh:mm:ssZ`; or the one that `SOURCE_DATE_EPOCH` names in seconds since
/// 1970, so that what is made twice is the same (reproducible-builds.org).
func moment(_ environment: Environment) -> String {
  let named = environment.variable("SOURCE_DATE_EPOCH").flatMap { UInt32($0) }
  let seconds = named.map { Int($0) } ?? time(nil)
  let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map {
    $0 < 10 ? "0\($0)" : "\($0)"
  }
  return "\(day(seconds / 86_400))T\(clock.joined(separator: ":"))Z"
}

/// The day that is `number` days after 1970-01-01 in the Gregorian calendar, as `YYYY-MM-DD`.
///
/// Years are counted from March on, so that the odd day of a leap year is the last one.
func day(_ number: Int) -> String {
  let days = number + 719_468
  let era = days / 146_097
  let dayOfEra = days % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let month = (5 * dayOfYear + 2) / 153
  let isNextYear = month >= 10
  let parts = [
    (era * 400 + yearOfEra + (isNextYear ? 1 : 0), 4), (isNextYear ? month - 9 : month + 3, 2),
    (dayOfYear - (153 * month + 2) / 5 + 1, 2),
  ]
  return parts.map { value, width in
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }.joined(separator: "-")
}
