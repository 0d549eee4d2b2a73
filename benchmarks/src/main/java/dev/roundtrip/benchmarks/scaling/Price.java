package dev.roundtrip.benchmarks.scaling;

/** A list price in USD, first tier, without free tier and discounts. The pages of AWS render their rates by script:
 * these are dated transcriptions.
 */
enum Price {
    API_REQUEST("API Gateway REST request", 3.50, "1 M", "us-east-1", "2026", "AWS whitepaper; guides of 2026"),
    LAMBDA_REQUEST("Lambda request", 0.20, "1 M", "us-east-1", "2025-12", "several"),
    LAMBDA_GB_SECOND("Lambda duration, arm64", 0.0000133334, "GB-s", "us-east-1", "2025-12", "artillery's price list"),
    CONNECTION_MINUTE(
            "IoT Core connectivity", 0.08, "1 M min", "Ireland, us-east-1", "2026-09-20", "transcribed price page"),
    MESSAGE("IoT Core message of 5 KB", 1.00, "1 M", "us-east-1", "2026-09-20", "transcribed price page"),
    DIRECT_MESSAGE(
            "IoT Core direct message of 5 KB", 2.00, "1 M", "-", "-", "not found; assumed: publish in + delivery out"),
    VCPU_HOUR("Managed Instances: EC2, half an m7g.large", 0.0408, "h", "us-east-1", "2026-06-17", "factualminds.com"),
    MANAGEMENT_FEE("Managed Instances: fee", 0.15, "USD of EC2", "all", "2026-09-20", "transcribed price page"),
    LOG_GB("CloudWatch Logs, ingestion", 0.50, "GB", "us-east-1", "2026-06", "c3x.dev");

    final String item;
    final double usd;
    final String unit;
    final String region;
    final String date;
    final String source;

    /** @param usd what the unit costs
     * @param date when it was so, as exactly as its source says
     */
    Price(String item, double usd, String unit, String region, String date, String source) {
        this.item = item;
        this.usd = usd;
        this.unit = unit;
        this.region = region;
        this.date = date;
        this.source = source;
    }
}
