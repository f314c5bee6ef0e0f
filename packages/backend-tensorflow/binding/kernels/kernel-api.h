// Declares the functions used from tensorflow/c/kernels.h. That header includes one that is not part of the C API, and that
// an installation does not have.

#pragma once

#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

extern "C" {

typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;

TF_KernelBuilder *TF_NewKernelBuilder(const char *op_name, const char *device_name,
                                      void *(*create)(TF_OpKernelConstruction *),
                                      void (*compute)(void *, TF_OpKernelContext *), void (*destroy)(void *));
void TF_RegisterKernelBuilder(const char *kernel_name, TF_KernelBuilder *builder, TF_Status *status);

void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction *, const char *name, float *, TF_Status *);
void TF_OpKernelConstruction_GetAttrBool(TF_OpKernelConstruction *, const char *name, unsigned char *, TF_Status *);
void TF_OpKernelConstruction_GetAttrInt64(TF_OpKernelConstruction *, const char *name, int64_t *, TF_Status *);
void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction *, TF_Status *);

int TF_NumInputs(TF_OpKernelContext *);
/** The caller owns the tensor, here and below. */
void TF_GetInput(TF_OpKernelContext *, int i, TF_Tensor **, TF_Status *);
TF_Tensor *TF_AllocateOutput(TF_OpKernelContext *, int i, TF_DataType, const int64_t *shape, int rank, size_t bytes,
                             TF_Status *);
void TF_OpKernelContext_Failure(TF_OpKernelContext *, TF_Status *);
}
