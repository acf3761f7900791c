import TruceCLI
import TruceShell

Launcher.begin()
if let script = CompletionScript(askedForBy: Array(CommandLine.arguments.dropFirst())) {
  print(script.text)
} else {
  await Launcher.runAndExit(TruceCommand.self, executing: Program.truce.execute)
}
