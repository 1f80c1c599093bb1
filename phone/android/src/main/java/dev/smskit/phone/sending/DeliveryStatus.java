package dev.smskit.phone.sending;

/** What a status report says of a part. */
enum DeliveryStatus {
    DELIVERED, PENDING, FAILED;

    private static final int DELIVERED_CDMA = 2;

    /** By TP-Status (3GPP TS 23.040, 9.2.3.15), or by the error class and message status of 3GPP2 C.S0015. */
    static DeliveryStatus of(int status, String format) {
        return "3gpp2".equals(format) ? ofCdma(status) : ofGsm(status);
    }

    private static DeliveryStatus ofGsm(int status) {
        if (status < 0 || status >= 0x40) {
            return FAILED;
        }
        return status < 0x20 ? DELIVERED : PENDING;
    }

    private static DeliveryStatus ofCdma(int status) {
        int errorClass = status >> 24 & 3;
        if (errorClass == 0) {
            return (status >> 16 & 0x3f) == DELIVERED_CDMA ? DELIVERED : PENDING;
        }
        return errorClass == 2 ? PENDING : FAILED;
    }
}
