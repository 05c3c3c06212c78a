import { QuartzConfig } from "./quartz/cfg"
import * as Plugin from "./quartz/plugins"

const config: QuartzConfig = {
  configuration: {
    pageTitle: "A bed of notes",
    locale: "en-GB",
    baseUrl: "beds.test/notes",
    ignorePatterns: ["private", "templates", "**/cold", ".obsidian"],
  },
  plugins: {
    transformers: [Plugin.FrontMatter(), Plugin.ObsidianFlavoredMarkdown({ enableInHtmlEmbed: false })],
    // filters: [Plugin.ExplicitPublish()],
    filters: [Plugin.RemoveDrafts()],
  },
}

export default config
