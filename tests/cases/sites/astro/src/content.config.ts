const blog = defineCollection({ loader: glob({ base: "./src/writing", pattern: "**/*.md" }) });
