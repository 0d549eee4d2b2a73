package dev.roundtrip.benchmarks.coldstart;

import java.nio.file.Path;
import java.util.List;

/** What a JVM can find prepared, so that it need not load classes from their jars. */
enum Archive {
    NONE("", ""),
    /** Application class data sharing; source: JEP 350. */
    CLASSES("-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="),
    /** Classes loaded, linked and profiled ahead of time; source: JEP 483, 514 and 515. */
    AOT_CACHE("-XX:AOTCacheOutput=", "-XX:AOTCache="),
    /** The same for the runtime client alone, as AWS Lambda's java25 has it. */
    AOT_CACHE_OF_RUNTIME("-XX:AOTCacheOutput=", "-XX:AOTCache=");

    private final String making;
    private final String using;

    Archive(String making, String using) {
        this.making = making;
        this.using = using;
    }

    /** The flags of a JVM that writes it when it ends. */
    List<String> making(Path file) {
        return List.of(making + file);
    }

    /** The flags of a JVM that uses it; it fails when it cannot, which else nobody would notice. */
    List<String> using(Path file) {
        return switch (this) {
            case NONE -> List.of();
            case CLASSES -> List.of(using + file, "-Xshare:on");
            case AOT_CACHE, AOT_CACHE_OF_RUNTIME -> List.of(using + file, "-XX:AOTMode=on");
        };
    }
}
