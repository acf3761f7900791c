import TruceServeCLI
import TruceShell

Launcher.begin()
await Launcher.runAndExit(ServeCommand.self)
