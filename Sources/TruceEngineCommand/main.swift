import TruceEngineCLI
import TruceShell

Launcher.begin(waitingLittle: true)
await Launcher.runAndExit(TruceEngine.self)
