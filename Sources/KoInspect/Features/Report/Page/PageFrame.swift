// What every page has around its content: a head that lets nothing in, and a foot that says what made it.

import ELFKit

enum PageFrame {
  /// A page with this title and content; a wide one has a large table.
  static func page(
    title: [UInt8], isWide: Bool, _ content: (inout HTMLWriter) -> Void
  ) -> [UInt8] {
    var html = HTMLWriter()
    html.add(
      """
      <!DOCTYPE html>
      <html lang=en>
      <head>
      <meta charset=utf-8>
      <meta http-equiv=Content-Security-Policy
      """)
    html.attribute("content", policy)
    html.add(
      """
      >
      <meta name=viewport content="width=device-width, initial-scale=1">
      <meta name=referrer content=no-referrer>
      <meta name=generator
      """)
    html.attribute("content", "koinspect \(Version.number)")
    html.add(">\n<title>")
    html.text(title, limit: 200)
    html.add("</title>\n<style>")
    html.add(style)
    html.add("</style>\n</head>\n")
    html.add(isWide ? "<body class=wide>\n" : "<body>\n")
    content(&html)
    html.add("<footer><p>Made by koinspect ")
    html.text(Version.number)
    html.add(
      """
       from the files alone: nothing was loaded, and this page asks nobody for anything.</p></footer>
      <script>
      """)
    html.add(script)
    html.add("</script>\n</body>\n</html>\n")
    return html.bytes
  }

  private static let style = Markup(stringLiteral: PageStyle.text)
  private static let script = Markup(stringLiteral: PageScript.text)

  /// Nothing is fetched, sent or embedded; of what could run or change the looks, only these texts may
  /// (Content Security Policy Level 3, hash sources).
  static let policy =
    "default-src 'none'; style-src 'sha256-\(PageStyle.digest)'; "
    + "script-src 'sha256-\(PageScript.digest)'; base-uri 'none'; form-action 'none'"
}
